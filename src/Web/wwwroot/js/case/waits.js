// On pages that send nothing themselves: what an earlier page could not send goes from here.

try {
  if (localStorage.getItem('waits')) import('./later.js');
} catch {
  // Some web views keep nothing.
}
