# How finely the picture is drawn.

action-corner-shade = Shade in &corners
    .tip = Once the view rests, darken where walls meet the ground and between houses
