import sys

from quizapp.languages import main

sys.exit(main())
