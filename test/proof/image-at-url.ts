// An image that the cloud downloads from a server of its operator's: what the secondary storage VM makes
// of it is told at once, so that a case takes no time of the machine for it.
import type { FetchImage } from '../../simulator/ssvm/fetch-image.js';
import { receivedImage } from '../support/received-image.js';

export const imageUrl = 'http://198.51.100.7/jammy.qcow2';

export const fetchImage: FetchImage = () => Promise.resolve({ kind: 'file', ...receivedImage });
