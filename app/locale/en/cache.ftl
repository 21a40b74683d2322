# The cache: settings page, command line, remarks.
cache-info = { $folder }: { $entries ->
        [one] one entry
       *[other] { $entries } entries
    }, { $size } of at most { $most }
cache-cleared = { $entries ->
        [one] Removed one entry
       *[other] Removed { $entries } entries
    } ({ $size }) from { $folder }
settings-cache = Cache
settings-cache-lead = What was read and computed before is kept here, so that files and projects open quickly the next time. Losing it loses nothing.
settings-cache-size = At most
settings-cache-off = No cache
settings-cache-folder = Folder
settings-cache-usual = The usual one
settings-cache-choose = Choose…
settings-cache-fixed = The variable CITYSTAGE_CACHE names the folder.
settings-cache-holds = { $folder } holds { $size }.
settings-cache-clear = Clear the cache
note-store-rebuilt = A file of the cache is not as it was written ({ $reason }); it is made again.
note-store-full = The disk of the cache is full ({ $folder }); the program goes on without keeping more. Clear the cache, or name another folder in the settings.
note-store-not-writable = The folder of the cache cannot be written ({ $folder }: { $reason }); the program goes on without. Name another one in the settings or in CITYSTAGE_CACHE.
