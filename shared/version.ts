/** The version of Stead, as in package.json; a constant, since reading a file would cost every command its time. */
export const version = "0.1.0";
