"""Runs the cases and prints one line each: ok, not ok, skip."""
import os
import sys
import time
import traceback

from cases import CASES
from harness import Bench, Failure


def main():
    wanted = sys.argv[1:]
    failed = 0
    for case in CASES:
        if wanted and case.__name__ not in wanted:
            continue
        began = time.monotonic()
        bench = Bench(case.__name__.replace("_", "-"))
        why = None
        try:
            case(bench)
        except Failure as failure:
            why = str(failure)
        except Exception:  # the test itself broke: that is a failure too
            why = traceback.format_exc().strip().replace("\n", " | ")
        bench.close(keep=why is not None)
        failed += why is not None
        name = f"{os.environ.get('WD_LABEL', 'kafka')}/{case.__name__}"
        print(f"not ok {name} - {why} (kept {bench.folder})" if why else f"ok {name} # {time.monotonic() - began:.1f} s", flush=True)
    return 1 if failed else 0


sys.exit(main())
