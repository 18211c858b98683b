/**
 * Brings sealed segments from a camera's spool to the master, and deletes them here only on the
 * master's receipt.
 *
 * <p>The spool's directory is the queue: nothing is remembered anywhere else, so either side may be
 * killed at any moment. {@link io.github.raspberryspy.upload.Uploader} works on a thread of its
 * own; the protocol is tus 1.0, described in {@code docs/wire.md}.
 */
package io.github.raspberryspy.upload;
