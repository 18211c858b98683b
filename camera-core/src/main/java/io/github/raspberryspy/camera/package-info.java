/**
 * One camera, captured, encoded and recorded: the entry point for embedders.
 *
 * <p>{@link io.github.raspberryspy.camera.CameraPipeline} wires a source, an encoder and a
 * recorder. A {@link io.github.raspberryspy.camera.Frame} is a handle to pixels that the source
 * owns: whoever wants to keep a frame shares it and closes its own handle, and the last close gives
 * the memory back to the source. Encoded {@link io.github.raspberryspy.camera.encode.Packet}s are
 * ordinary objects.
 */
package io.github.raspberryspy.camera;
