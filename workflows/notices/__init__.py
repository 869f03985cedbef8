"""How is a notice worded, checked and rendered? Pure: texts and values go in, messages and findings come out."""
