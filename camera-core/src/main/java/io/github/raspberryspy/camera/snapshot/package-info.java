/** Single pictures as JPEG, taken from the frames that are being filmed. */
package io.github.raspberryspy.camera.snapshot;
