/** Footage as one file: any range of a camera's segments, joined while it is sent. */
package io.github.raspberryspy.sink.export;
