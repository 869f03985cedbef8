"""Who keys into 就学援助システム? One bot of page objects, used by the back office and by the command line."""
