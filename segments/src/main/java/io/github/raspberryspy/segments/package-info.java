/**
 * What recorder, uploader and master agree on: what a segment is called, what its manifest says,
 * and how a fragmented MP4 file is read without decoding it.
 *
 * <p>A <b>segment</b> is one closed video file that starts on a keyframe. Its <b>manifest</b> lies
 * beside it as JSON, and the manifest's existence is the commit: where it stands, the video has
 * that size and that SHA-256. Everything here is immutable and thread-safe unless it says
 * otherwise.
 */
package io.github.raspberryspy.segments;
