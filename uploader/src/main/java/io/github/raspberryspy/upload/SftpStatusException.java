package io.github.raspberryspy.upload;

import java.io.IOException;

/** What an SFTP server answers instead of doing what it was asked for. */
final class SftpStatusException extends IOException {
  private static final long serialVersionUID = 1L;

  static final int EOF = 1;
  static final int NO_SUCH_FILE = 2;
  static final int PERMISSION_DENIED = 3;
  static final int FAILURE = 4;
  static final int UNSUPPORTED = 8;
  static final int NO_SPACE = 14;
  static final int QUOTA = 15;

  private final int status;

  SftpStatusException(int status, String message) {
    super(message + " (status " + status + ")");
    this.status = status;
  }

  /** The number that the server gave. */
  int status() {
    return status;
  }

  /** Whether what was spoken of is not there. */
  boolean isAbsent() {
    return status == NO_SUCH_FILE;
  }
}
