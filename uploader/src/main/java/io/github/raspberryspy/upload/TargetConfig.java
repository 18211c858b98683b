package io.github.raspberryspy.upload;

/** Where footage goes, if not to the master. Immutable, and without secrets in its text. */
public sealed interface TargetConfig permits SftpConfig, S3Config {}
