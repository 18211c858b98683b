/**
 * Where pictures come from. A {@link io.github.raspberryspy.camera.source.SourceUri} names a
 * source, a {@link io.github.raspberryspy.camera.source.CameraSource} delivers frames or, where the
 * camera encodes itself, packets of H.264.
 */
package io.github.raspberryspy.camera.source;
