/**
 * From frames to H.264: encoders over raw {@code avcodec}, the {@link
 * io.github.raspberryspy.camera.encode.Packet}s they make, and the {@link
 * io.github.raspberryspy.camera.encode.PacketWindow} from which disk, pre-roll and live view read.
 */
package io.github.raspberryspy.camera.encode;
