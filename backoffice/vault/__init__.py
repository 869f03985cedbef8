"""Where do secrets and residents' files lie? Encrypted, each under a key of its own that the master key wraps."""

from backoffice.vault.cipher import Cipher, MasterKeyMissingError, former_keys_path
from backoffice.vault.files import FileVault
from backoffice.vault.models import StoredFile

__all__ = ["Cipher", "FileVault", "MasterKeyMissingError", "StoredFile", "former_keys_path"]
