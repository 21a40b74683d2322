# What a long step is doing, beside its progress bar.
progress-in-parts = Making a copy that can be read in parts
progress-reading = Reading
progress-working = Working
progress-sample = making terrain, buildings and pipes
progress-unpacking = Unpacking
progress-drawing = Drawing
progress-pipes-near = Comparing pipes
progress-pipes-cover = Comparing pipes with the ground
