# Moving through the city: camera paths, stories, films, places, panes.
edit-save-path = Save camera path { $name }
edit-remove-path = Remove camera path { $name }
edit-save-story = Save story { $name }
edit-remove-story = Remove story { $name }
