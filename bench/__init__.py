"""How fast it is: `python -m bench` measures, prints its tables and ends everything that it started.

`python -m bench.figures` measures the same and writes it down in README.md and docs/figures.md.

A shared machine changes its speed from second to second. So what is compared is measured in turns, A B A B, in one
run: each turn gives one ratio, and the median of the ratios is what counts. Each module does one errand:

    server    starts the application as it is run in production
    load      asks it for pages, in a process of its own
    web       what a visitor waits for: pages and a first visit
    start     how long a start takes
    visitor   one who uses everything once
    sample    the families whose agreements are printed
    paper     what a family waits for: the PDF
    others    the same paper by way of LibreOffice and of Chromium
    office    LibreOffice, and the file that it prints
    variants  what a machine prints: every variant of the sheet
    memory    what a printing process holds after many PDFs, and a web process after all it does
    rush      everybody at once (make rush): arrivals, rush_visitor, rush_watch, and the model beside it
    faults   each part breaks under visitors (make faults): faults_site, faults_visitor, faults_hostile
    two_machines  web, Redis and workers that lose touch (make machines)
    process   work in a fresh process
    table     all figures, each beside its aim
    figures   writes them down
"""
