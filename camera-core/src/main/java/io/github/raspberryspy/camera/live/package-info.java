/** Live view: what is encoded anyway, as fragments of MP4 for whoever watches now. */
package io.github.raspberryspy.camera.live;
