/**
 * Cameras of libcamera, through a small shared library with a flat C interface ({@code
 * native/src/main/cpp}): libcamera itself is C++, which Java cannot call. No call comes back into
 * Java; whoever wants pictures waits for them.
 */
package io.github.raspberryspy.natives.libcamera;
