# Schemes: branches over the existing city.
edit-scheme-new = New scheme { $name }
edit-scheme-activate = Show scheme { $name }
edit-scheme-existing = Show the existing city
edit-scheme-set = Change scheme { $name }
edit-scheme-archive = Archive scheme { $name }
edit-scheme-restore = Take scheme { $name } out of the archive
edit-scheme-duplicate = Duplicate scheme { $name }
edit-scheme-remove = Remove scheme { $name }
edit-scheme-promote = Make scheme { $name } the existing city
edit-scheme-rebase = Put scheme { $name } on another parent
edit-scheme-merge = Take scheme { $name } into { $into }
schemes-existing = Existing city
schemes-status-draft = draft
schemes-status-archived = archived
schemes-status-promoted = promoted
