# Sun and shadow: panel and remarks.
panel-sun = Sun
sun-date = Date
sun-year = Day of the year
sun-time = Time
sun-day = Time of day
sun-run-day = Run day
sun-run-year = Run year
sun-shadows = True shadows of buildings, trees and terrain
sun-told = Sun at { $azimuth }° from north, { $elevation }° high. A post of 1 m throws a shadow of { $length } m.
sun-below = The sun is { $degrees }° below the horizon: no shadows.
sun-no-place = Where the sun stands is known once the project has a coordinate system.
sun-keep = Keep as the project's moment
sun-plan = Shadows of several times as layer
    .tip = Adds a layer of areas with the shadows of all visible buildings on the ground, one colour for each time.
sun-plan-times = Times
    .tip = Local times of the chosen day, with spaces in between: 9 12:30 15
sun-plan-job = Drawing shadows of several times
sun-plan-name = Shadows { $day }
sun-plan-made = added the layer "{ $name }" with shadows at { $times ->
        [one] one time
       *[other] { $times } times
    }
