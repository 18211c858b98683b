/** From packets to frames, and from one pixel format to another: FFmpeg's decoders and scaler. */
package io.github.raspberryspy.camera.decode;
