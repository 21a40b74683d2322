# The panel of pipes: pages, asking, statistics.
menu-pipes = &Pipes
panel-pipes = Pipes
pipes-page-ask = Ask
action-pipes-ask = &Ask for pipes
    .tip = Find pipes by place, number, address or expression, and see everything known of them
draw-spot = Click a place in the picture.
draw-line = Click points in the picture; a double click or Enter ends the line, Backspace takes the last point back.
draw-area = Click around the area in the picture; a double click or Enter closes it, Backspace takes the last point back.
result-export = Export the table
result-exported = { $count } rows were written to { $name }
