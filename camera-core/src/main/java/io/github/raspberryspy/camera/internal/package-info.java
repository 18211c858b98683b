/** Shared by the packages of this module and no part of its API: it may change at any time. */
package io.github.raspberryspy.camera.internal;
