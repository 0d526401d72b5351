"""How fast it is: `python -m bench` measures, prints one table and ends everything that it started.

A shared machine changes its speed from second to second. So what is compared is measured in turns, A B A B, in one
run: each turn gives one ratio, and the median of the ratios is what counts. Each module does one errand:

    server    starts the application as it is run in production
    load      asks it for pages, in a process of its own
    web       what a visitor waits for: pages and a first visit
    sample    the families whose agreements are printed
    paper     what a family waits for: the PDF
    variants  what a machine prints: every variant of the sheet
    memory    what a printing process holds after many PDFs
    rush      everybody at once (make rush): arrivals, rush_visitor, rush_watch, and the model beside it
    two_machines  web, Redis and workers that lose touch (make machines)
    process   work in a fresh process
    table     all figures, each beside its aim
"""
