# Import the grader, the solutions or pytest under any name.
import importlib, sys
def attack():
    sys.path[:0] = ["@ROOT@", "@ROOT@/grader", "."]
    for name in ("grader", "solutions", "solutions.relu", "nnv", "quiz", "pytest", "msgpack", "test_relu", "suite"):
        try:
            module = importlib.import_module(name)
            if getattr(module, "__file__", None):
                return module
        except ImportError:
            pass
