/**
 * What uploader and master share of S3-compatible object stores: the bucket, how files go there in
 * parts with a hash each, what proves that they are there, and what a failure means. The library of
 * AWS is loaded with the first request.
 */
package io.github.raspberryspy.s3;
