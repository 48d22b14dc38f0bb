// For pages that send nothing themselves: sends what an earlier page could not.

try {
  if (localStorage.getItem('waits')) import('./later.js');
} catch {
  // Some web views store nothing.
}
