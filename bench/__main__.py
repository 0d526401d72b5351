"""`python -m bench`: measure everything and print the tables."""

if __name__ == "__main__":
    # Not above: a process that we start reads this file again, and gets no more than its work needs.
    from bench.table import main

    main()
