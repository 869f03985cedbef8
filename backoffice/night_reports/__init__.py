"""What came of the nights? One report a morning, as a page and a mail to those who run them and who answer for them."""
