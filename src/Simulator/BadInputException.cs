namespace DispatchCenter.Simulator;

/// <summary>
/// The run cannot begin or be judged because of a file, an option or a server. The message is
/// for the user. Caught once, in <see cref="Program"/>: exit code 2.
/// </summary>
public sealed class BadInputException(string message, Exception? inner = null) : Exception(message, inner);
