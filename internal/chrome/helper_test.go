package chrome

const helperArg = "-chrome-helper"

func helperMain() int { return 0 }
