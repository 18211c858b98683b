package io.github.raspberryspy.upload;

import io.github.raspberryspy.s3.S3Bucket;

/**
 * A bucket of an S3-compatible object store. Immutable.
 *
 * @param bucket which, and the camera's key to it
 */
public record S3Config(S3Bucket bucket) implements TargetConfig {}
