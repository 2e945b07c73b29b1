@rem Scripts of package.json begin with exec, a word of Unix shells: npm's shell becomes the program, which then gets
@rem npm's signals itself. The shell of Windows has no such word, and finds this file instead.
@%*
