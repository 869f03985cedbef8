"""What does a recorded bot meet? 水道開閉栓受付システム, where the city keys its move-ins and move-outs."""
