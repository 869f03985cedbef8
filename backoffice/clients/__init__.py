"""Which machines of other systems may call the gateway, how do they prove who they are, and what may each ask for?"""
