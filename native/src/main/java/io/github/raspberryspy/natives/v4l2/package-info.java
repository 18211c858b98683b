/**
 * The kernel's video devices (V4L2): what they offer, frames out of cameras, and frames through
 * hardware encoders, without a copy. Mechanism only: what to choose, and what to do about a
 * failure, is the caller's affair.
 *
 * <p>Source: Linux {@code include/uapi/linux/videodev2.h} and the V4L2 part of the kernel's media
 * documentation.
 */
package io.github.raspberryspy.natives.v4l2;
