/** Live view: what cameras send now, for whoever watches now. Nothing of it is kept. */
package io.github.raspberryspy.sink.live;
