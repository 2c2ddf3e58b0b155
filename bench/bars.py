"""What duso has to reach beside Lua 5.4, the interpreter that sets the mark for small dynamic languages.

No workload on the list may take more CPU time than Lua's; over the whole list duso has to be ahead by a factor that
only LuaJIT's hand-written interpreter reaches among the others.
"""
from results import Results
from tables import fixed, table

RIVAL = "lua5.4"
MEAN = 1.3
WORKLOADS = [
    "loop_nested", "loop_toplevel", "fib_recursive", "fib_iterative", "closures", "methods", "array_ops",
    "props_static", "string_concat", "string_template", "nbody", "binary_trees", "mandelbrot", "map_filter_reduce",
    "exceptions",
]


def judge(results: Results) -> tuple[str, bool]:
    """A table of the bars for those workloads that were measured, and whether all of them are reached."""
    measured = [workload for workload in WORKLOADS if workload in results.workloads]
    columns = ["duso, s", f"{RIVAL}, s", "times faster", "reached"]

    def reached(workload: str) -> bool:
        ours, theirs = results.cpu(workload, "duso"), results.cpu(workload, RIVAL)
        return ours is not None and theirs is not None and ours <= theirs

    def cell(workload: str, column: str) -> str:
        return dict(zip(columns, [
            fixed(results.cpu(workload, "duso"), 3),
            fixed(results.cpu(workload, RIVAL), 3),
            fixed(results.times_faster(workload, "duso", RIVAL), 2),
            "yes" if reached(workload) else "NO",
        ]))[column]

    mean = results.mean_times_faster("duso", RIVAL, measured)
    ahead = mean is not None and mean >= MEAN
    missing = [workload for workload in WORKLOADS if workload not in measured]
    text = [
        table("workload", measured, columns, cell),
        "",
        f"Geometric mean {fixed(mean, 2)}, to be reached {MEAN}: {'yes' if ahead else 'NO'}.",
        *([f"Not measured: {', '.join(missing)}."] if missing else []),
    ]
    return "\n".join(text), ahead and all(map(reached, measured)) and not missing
