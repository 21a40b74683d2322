# Opening, saving and packing projects: remarks, and what a long step is doing.
note-project-migrated = The project was saved by an earlier version (tables of version { $version }); saving brings it up to date.
note-project-layer-changed = Another program changed the layer '{ $name }': { $added } new objects, { $unreadable } rows without a shape that can be read, { $unfit } values that did not fit and were replaced.
note-project-layer-gone = Another program removed the table of the layer '{ $name }'; the layer is gone.
note-raster-missing = The file of '{ $name }' is not there: { $path }. A coarse preview stands in; put the file back and open the project again.
note-raster-unreadable = The file of '{ $name }' cannot be read: { $path } ({ $reason }) A coarse preview stands in.
note-raster-changed = The file of '{ $name }' has changed since the project was saved: { $path }. It is shown as it is now.
progress-loading = Opening the project
progress-saving = Saving the project
progress-packing = Packing
