# What the command line says.
cli-try = Try: { $hint }
cli-usage = { $text }
cli-stopped = stopped; what was finished is kept.
cli-unexpected = this should not have happened: { $reason }
cli-unexpected-hint = the details are in { $log }; please report them
cli-wrote = wrote { $path }
cli-wrote-picture = wrote { $path } ({ $width } x { $height } pixels)
cli-wrote-measurements = wrote { $path } ({ $count } measurements)
cli-wrote-objects = wrote { $path } ({ $count } objects)
cli-making = making the project { $path }
cli-importing = { $file }
cli-opening = { $file }
cli-saving = Saving
cli-drawing = { $file }
cli-packing = { $file }
cli-sample = Sample city
info-crs = coordinate system: { $crs }
info-no-crs = none yet
info-shown = yes
info-hidden = no
info-column-layer = Layer
info-column-kind = Kind
info-column-objects = Objects
info-column-visible = Shown
info-column-colour = Coloured by
info-column-id = Id
info-views = views: { $names }
info-measurements = { $count ->
    [one] { $count } measurement
   *[other] { $count } measurements
}
views-column-name = View
views-column-camera = Camera (longitude, latitude, height, heading, pitch, field of view)
views-column-note = Note
views-none = The project has no named views.
measure-column-what = Value
measure-column-value = Result
run-running = { $job }
run-checked = { $job } is all right.
run-written = wrote { $path }
run-kept = up to date { $path }
run-summary = { $written } written, { $kept } up to date, { $seconds } s; the list is { $manifest }
help-examples = Examples
