"""`python -m quizapp`: check all content and list every problem."""

import sys

from quizapp.content import ContentError, read


def main() -> int:
    try:
        content = read()
    except ContentError as error:
        print(*error.problems, sep="\n")
        return 1
    lines = [line for country in content.countries.values() for line in country.lines]
    print(f"{len(content.questions)} questions, {len(content.clauses)} clauses, {len(lines)} help lines: no problems")
    for line in lines:
        if line.recheck:
            print(f"to look up again before launch: {line.id} ({', '.join(line.recheck)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
