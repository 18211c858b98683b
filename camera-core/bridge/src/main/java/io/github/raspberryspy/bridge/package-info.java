/**
 * Frames as JavaCV and OpenCV know them, over the very memory that the camera filled: nothing is
 * copied. A view holds its frame until it is closed, and the memory must not be used after that.
 */
package io.github.raspberryspy.bridge;
