# Streets, water, green and trees drawn as they are built.
style-built = As built
style-built-on = surfaces, kerbs, waves, trunks
style-built-tip = Draws streets with surfaces, lanes and bridges, water with waves, trees with trunks; off draws them as a map does
style-lamps = Street lamps every
style-lamps-none = no lamps
style-left-hand = Traffic
style-left-hand-on = on the left
style-tunnels = Tunnels
style-tunnels-hidden = not shown
style-tunnels-dashed = dashed on the ground
style-tunnels-portals = portals
