// Stands in the bundle for undici's client of HTTP/2, which loads all of Node's at every start. undici speaks HTTP/2 only if
// it is told to (`allowH2`), and ComfyUI does not.
module.exports = () => {
  throw new Error('HTTP/2 is not part of the program')
}
