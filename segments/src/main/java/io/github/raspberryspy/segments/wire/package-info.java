/**
 * What camera and master say to each other: the camera's credential, the master's receipt, the
 * messages of the control link, and the headers of the upload protocol (tus 1.0). Described for
 * people in {@code docs/wire.md}.
 */
package io.github.raspberryspy.segments.wire;
