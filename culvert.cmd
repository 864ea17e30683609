@echo off
rem Starts culvert on Windows. In a checkout it builds on first use (delete .culvert-build to build again); beside a culvert.jar
rem (a release) it just starts. Unlike its Unix sister it takes no lock: let the first use end before the second begins.
rem   CULVERT_JAVA_HOME   the JDK to use, whatever else is installed
rem   CULVERT_JAVA_OPTS   more options for the JVM
setlocal DisableDelayedExpansion
set "HOME_DIR=%~dp0"
if defined CULVERT_JAVA_HOME set "JAVA_HOME=%CULVERT_JAVA_HOME%"
set "JAVA_CMD=java"
if defined JAVA_HOME set "JAVA_CMD=%JAVA_HOME%\bin\java"

rem The first line says: openjdk 17.0.15 2025-04-15. By way of a file, since "for /f" cannot quote a command with blanks and (x86).
set "LINE="
set "VERSION_FILE=%TEMP%\culvert-java-%RANDOM%.txt"
"%JAVA_CMD%" --version >"%VERSION_FILE%" 2>nul
if exist "%VERSION_FILE%" set /p LINE=<"%VERSION_FILE%"
if exist "%VERSION_FILE%" del "%VERSION_FILE%"
set "MAJOR=0"
for /f "tokens=2" %%v in ("%LINE%") do set "JAVA_VERSION=%%v"
for /f "tokens=1 delims=.-+" %%m in ("%JAVA_VERSION%") do set "MAJOR=%%m"
if %MAJOR% GEQ 17 goto java_found
echo culvert: no java: a JDK of version 17 or later is expected in JAVA_HOME or on the PATH 1>&2
exit /b 2

:java_found
rem The heap is small; from JDK 24 on Netty is denied its quick way to memory unless it is asked for.
set "TUNING=-XX:+UseSerialGC -Dio.netty.leakDetection.level=disabled"
if defined CULVERT_JAVA_OPTS if not "%CULVERT_JAVA_OPTS:GC=%"=="%CULVERT_JAVA_OPTS%" set "TUNING=-Dio.netty.leakDetection.level=disabled"
if %MAJOR% GEQ 24 set "TUNING=%TUNING% -Dsun.misc.unsafe.memory.access=allow -Dio.netty.noUnsafe=false"
set "SHARE="
set "JAR=%HOME_DIR%culvert.jar"
if exist "%JAR%" goto start
set "CACHE=%HOME_DIR%.culvert-build"
set "JAR=%CACHE%\culvert.jar"
if exist "%JAR%" goto archive
if not exist "%CACHE%" mkdir "%CACHE%"
echo culvert: building (once; about a minute if libraries must be fetched) 1>&2
pushd "%HOME_DIR%"
call mvnw.cmd -B -q -Dquick -DskipTests -Dspotless.check.skip -Dcheckstyle.skip -pl cli -am package 1>&2
set "BUILT=%ERRORLEVEL%"
popd
if not "%BUILT%"=="0" goto build_failed
copy /y "%HOME_DIR%cli\target\culvert.jar" "%JAR%" >nul
if errorlevel 1 goto build_failed

rem Classes ready to map: starting is twice as fast with it, and works without it.
:archive
set "JSA=%CACHE%\culvert-%JAVA_VERSION%.jsa"
if exist "%JSA%" goto archived
echo culvert: preparing a quick start (once for each JDK, a few seconds) 1>&2
"%JAVA_CMD%" %TUNING% "-XX:ArchiveClassesAtExit=%JSA%" -Xshare:auto -Xlog:disable -jar "%JAR%" warm-up >nul 2>&1
:archived
if exist "%JSA%" set SHARE="-XX:SharedArchiveFile=%JSA%"

:start
"%JAVA_CMD%" %TUNING% %SHARE% -Xshare:auto -Xlog:disable %CULVERT_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:build_failed
echo culvert: the build failed, see above 1>&2
exit /b 1
